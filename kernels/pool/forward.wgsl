// Pools: of each window of a plane the largest number, the sum or the mean. Rows and columns are counted
// with the padding, so a plane begins at row padding_height. A signal is read by x_quad and stored by
// store_pooled, four time steps of a window a lane. The largest of spikes are spikes: whether any
// fires; there a lane does all time steps of a window.

override numbers: u32;   // batch * channels * out_height * out_width

#if spikes
#reads input: u32;                                           // [words][batch * channels * height * width]
#binding var<storage, read_write> pooled: array<u32>;        // [words][numbers]
#binding var<storage, read_write> pooled_counts: array<u32>; // [numbers]
#end

// The rows or columns of a window that are at least `first` and before `end`.
fn span(window: u32, stride: u32, kernel: u32, first: u32, end: u32) -> vec2<u32> {
  return vec2<u32>(max(window * stride, first), min(window * stride + kernel, end));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let plane = n / ${out_height * out_width}u;
  let place = n % ${out_height * out_width}u;
  let window = vec2<u32>(place / ${out_width}u, place % ${out_width}u);
  let rows = span(window.x, ${stride_height}u, ${kernel_height}u,
    ${padding_height}u, ${padding_height + height}u);
  let columns = span(window.y, ${stride_width}u, ${kernel_width}u,
    ${padding_width}u, ${padding_width + width}u);
#if spikes
  let first = plane * ${height * width}u;
  var count = 0u;
  for (var word = 0u; word < ${words}u; word++) {
    let word_first = word * ${inputs}u + first;
    var result = 0u;
#else
  let sample = plane / ${channels}u;
  let channel = plane % ${channels}u;
  let first = channel * ${height * width}u;
#if largest
  var result = x_quad(sample,
    first + (rows.x - ${padding_height}u) * ${width}u + columns.x - ${padding_width}u, quad);
#else
  var result = vec4<f32>(0.0);
#end
#end
  // Small windows that lie within the plane are written out: that is several times as fast.
#for y in 0..unrolled_height
#for x in 0..unrolled_width
#if unrolled
  { let row = rows.x + ${y}u; { let column = columns.x + ${x}u;
#else
  for (var row = rows.x; row < rows.y; row++) { for (var column = columns.x; column < columns.y; column++) {
#end
    let at = (row - ${padding_height}u) * ${width}u + column - ${padding_width}u;
#if spikes
    result |= input_at(word_first + at);
#else
#if largest
    result = max(result, x_quad(sample, first + at, quad));
#else
    result += x_quad(sample, first + at, quad);
#end
#end
  } }
#end
#end
#if spikes
    pooled[word * numbers + n] = result;
    count += countOneBits(result);
  }
  pooled_counts[n] = count;
#else
#if mean
  let counted_rows = span(window.x, ${stride_height}u, ${kernel_height}u,
    ${counted_top}u, ${counted_bottom}u);
  let counted_columns = span(window.y, ${stride_width}u, ${kernel_width}u,
    ${counted_left}u, ${counted_right}u);
  result /= f32((counted_rows.y - counted_rows.x) * (counted_columns.y - counted_columns.x));
#end
  store_pooled(sample, channel * ${out_height * out_width}u + place, quad, result);
#end
}
