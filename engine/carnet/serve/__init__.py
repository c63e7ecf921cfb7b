# SPDX-License-Identifier: Apache-2.0
"""Carnet for teams: an HTTP API, a web app and a Model Context Protocol server over the functions that `cli` calls.

Nothing is decided here. `app.create_app` puts the parts together; `context` says what a request can reach.
"""
