"""Official forms that were adopted: how their headers, lines and hidden identity are found again in any file."""
