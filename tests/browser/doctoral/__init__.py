"""Stories of doctorates, told through pages and letters alone, as the people in them would live them.

- `test_story`: application, references, reviews, two keys, acceptance, joint supervision signed by everybody, a
  milestone done, training credited
- `test_turning_down`: everybody who may say no does, and whoever it concerns reads what to do next
"""
