"""Official forms read as they are: each table seen as one of ours, its cells where the person sees them."""
