"""planlang: AI data centres planned as code."""

__version__ = "0.1.0"
