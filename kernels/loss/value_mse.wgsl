// Mean squared error between each class's value and its target.

override correct: f32;         // the target of the label's value
override wrong: f32;           // the target of the others
override loss_scale: f32;      // 1 / classes
override gradient_scale: f32;  // 2 / (batch * classes)

fn sample_loss(first: u32, label: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < classes; c++) {
    let error = score(first + c) - select(wrong, correct, c == label);
    sum += error * error;
    set_gradient(first + c, error * gradient_scale);
  }
  return sum * loss_scale;
}
