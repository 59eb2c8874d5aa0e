"""What differs between two evaluated plans: one list of changes, from which every view is rendered."""
