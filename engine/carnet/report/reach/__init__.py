# SPDX-License-Identifier: Apache-2.0
"""What it would take, rendered."""

FORMATS = {"terminal": (".txt",), "json": (".json",), "html": (".html", ".htm"), "xlsx": (".xlsx",)}
