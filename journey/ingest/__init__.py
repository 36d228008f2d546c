"""A file becomes a dataset version.

`files` stages its tables, `exports` knows the vendors' own, `propose` makes a recipe of them, which a person may
change. `identity` tells who is who, `clean` reads the cells by `cells` and calls things by `names`, `materialise`
lays the interactions in order, and `report` accounts for every row. `load` runs it all in one go or in two steps,
`guard` runs the two steps in processes of their own.
"""
