"""The checked plan: kinds, entities, findings, rules, passes."""
