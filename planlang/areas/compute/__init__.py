"""Accelerators, systems, deploys: what computes, and the load that it makes."""
