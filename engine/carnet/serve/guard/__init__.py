# SPDX-License-Identifier: Apache-2.0
"""What stands between the network and the app: who may ask, how much, and what a browser may do with the answer."""
