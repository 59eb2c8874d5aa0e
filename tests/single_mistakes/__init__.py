"""Single mistakes as people make them, drawn in good plans, and what the compiler says of each."""
