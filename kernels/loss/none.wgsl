// No loss: a program that only answers.

fn sample_loss(first: u32, label: u32) -> f32 {
  return 0.0;
}
