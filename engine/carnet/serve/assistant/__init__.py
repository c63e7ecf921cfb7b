# SPDX-License-Identifier: Apache-2.0
"""Carnet for assistants: a Model Context Protocol server whose tools call the functions that `cli` calls.

It needs the extra `mcp` alone; the HTTP server mounts it too.
"""
