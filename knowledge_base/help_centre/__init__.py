"""The help centre: static pages of the articles, in both languages and both Chinese scripts."""
