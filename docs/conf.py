"""Sphinx: MyST pages and the reference from docstrings, in the Furo theme."""

project = "Drystone"
author = "The Drystone maintainers"
copyright = "2026, the Drystone maintainers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "examples"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
copybutton_exclude = ".linenos, .gp, .go"  # a console's prompt and output stay behind

# What it looks like: no font, script or picture from elsewhere.

html_theme = "furo"
html_title = "Drystone"
html_static_path = ["_static"]
html_css_files = ["drystone.css"]
html_favicon = "_static/wall.svg"
html_show_sourcelink = False
html_theme_options = {
    "light_logo": "wall.svg",
    "dark_logo": "wall.svg",
    "light_css_variables": {
        "color-brand-primary": "#1f5143",
        "color-brand-content": "#2c6a59",
        "color-brand-visited": "#2c6a59",
    },
    "dark_css_variables": {
        "color-brand-primary": "#a5dcc9",
        "color-brand-content": "#86c9b3",
        "color-brand-visited": "#86c9b3",
    },
}

# The reference. Every name of ours has to be found, so that no cross reference breaks unseen.

autodoc_default_options = {"members": True, "member-order": "bysource", "show-inheritance": True}
autodoc_typehints = "description"
# A default is shown as it is written: the value of `cases=CASES` is a thousand lines.
autodoc_preserve_defaults = True
autodoc_typehints_description_target = "documented_params"
default_role = "py:obj"  # `x` in a docstring is a link where x is a name of ours, else code
python_use_unqualified_type_names = True
nitpicky = True
suppress_warnings = ["ref.python"]  # two packages have a Guard; either is the right one
nitpick_ignore_regex = [
    (r"py:obj", r".*"),
    # Python's own and Jinja's, which are on their pages, and type variables, which are nowhere.
    (r"py:.*", r"(abc|asyncio|collections|contextlib|datetime|enum|os|pathlib|typing)\..*"),
    (r"py:.*", r"(.*\.)?~?[A-Z](_co|_contra)?"),
    (r"py:.*", r"jinja2\..*"),
    (r"py:.*", r"datetime|_asyncio\.Future|signal\..*|ssl\..*|socket\..*|time\..*"),
    # Private parts that a signature names, by path or as the alias that stands there.
    (r"py:.*", r"drystone(_\w+)?\._.*"),
    (r"py:class", r"[A-Z]\w+"),
]
