// Softmax cross-entropy: the loss of a sample is -log softmax(logits)[label], a logit being the
// score of a class times `score_scale`. The largest logit is subtracted from all, so no exponential
// is more than 1.

#if own_rates
// Firing rates, where samples have lengths of their own.
override sample_scale: f32;          // 1 / batch
var<private> score_scale: f32;
var<private> gradient_scale: f32;
#else
override score_scale: f32;     // 1 / T for firing rates, else 1; above 0
override gradient_scale: f32;  // score_scale / batch
#end

fn sample_loss(first: u32, label: u32) -> f32 {
#if own_rates
  score_scale = 1.0 / own_steps;
  gradient_scale = sample_scale / own_steps;
#end
  var most = score(first);
  for (var c = 1u; c < classes; c++) { most = max(most, score(first + c)); }
  var sum = 0.0;
  var of_label = 0.0;
  for (var c = 0u; c < classes; c++) {
    let logit = (score(first + c) - most) * score_scale;
    sum += exp(logit);
    of_label = select(of_label, logit, c == label);
  }
  for (var c = 0u; c < classes; c++) {
    let probability = exp((score(first + c) - most) * score_scale) / sum;
    let gradient = (probability - select(0.0, 1.0, c == label)) * gradient_scale;
    set_gradient(first + c, gradient);
  }
  return log(sum) - of_label;
}
