# SPDX-License-Identifier: Apache-2.0
"""What a change sets off, for people and for pipelines.

Renderers with `render_all` take several releases at once.
"""

FORMATS = {
    "terminal": (".txt",),
    "json": (".json",),
    "html": (".html", ".htm"),
    "sarif": (".sarif",),
    "junit": (".xml",),
    "csv": (".csv",),
}
