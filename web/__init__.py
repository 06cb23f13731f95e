"""The desk in the browser: who may come in (``access``), the pages (``desk``), and what they look like (``assets``)."""
