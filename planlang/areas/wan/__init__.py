"""Links between sites, and the demands that they carry."""
