"""The one style of plans: `formatter` lays out a file's tree, and checks that its meaning stays."""
