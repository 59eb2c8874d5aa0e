"""Switches, transceivers and cables: the parts of networks."""
