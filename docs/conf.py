"""Sphinx: MyST pages and the reference from docstrings, in the Furo theme."""

project = "Drystone"
author = "The Drystone maintainers"
copyright = "2026, the Drystone maintainers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "examples"]
html_theme = "furo"
html_title = "Drystone"
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
# A default is shown as it is written: the value of `cases=CASES` is a thousand lines.
autodoc_preserve_defaults = True
nitpicky = False
