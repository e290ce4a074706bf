"""Reports that go out signed: asked for, verified, numbered; the office's own seal."""
