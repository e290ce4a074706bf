"""An official form taken as it is: its tables found, its columns and rows proposed, for a person to confirm."""
