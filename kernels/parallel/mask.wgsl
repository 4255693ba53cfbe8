// What the weight of input s counts in the charge of time step t. Where it slides there is a weight for each of
// the last `order` time steps; where it is masked, those further back or yet to come count 1 - lambda.

#if masked
#binding var<storage, read> lambda: array<f32>;  // [1]

fn mask(t: u32, s: u32) -> f32 {
  let counts = (s <= t) & (t < s + ${order}u);
  return select(1.0 - min(lambda[0], 1.0), 1.0, counts);
}
#end

// Where a weight lies among the parameters, which are weights, then the bias: [T][T] and [T], or [order] and one.
#if slides
const BIAS = ${order}u;
#else
const BIAS = ${steps * steps}u;
#end
// Of fours of time steps t: columns s of the matrix, then the bias.
const COLUMNS = ${4 * quads + 1}u;
