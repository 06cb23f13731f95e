"""What the pages look like: the style sheet, made at installation from the packages that ``package.json`` names."""
