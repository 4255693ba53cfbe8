// Which place of a window is the first of the largest, at each time step: x_quad reads the signal, four
// time steps of a window a lane. Where windows lie apart, that place gets the gradient at once, and the
// others of the window, and those between it and the next, get 0: g_quad reads, store_back stores. Else
// it is kept for backward.wgsl. Rows and columns are counted with the padding.

override numbers: u32;   // batch * channels * out_height * out_width

#if !apart
#binding var<storage, read_write> winners: array<vec4<u32>>;  // [numbers][quads]
#end

// The rows or columns of a window that are at least `first` and before `end`.
fn span(window: u32, stride: u32, kernel: u32, first: u32, end: u32) -> vec2<u32> {
  return vec2<u32>(max(window * stride, first), min(window * stride + kernel, end));
}

// The rows or columns before the next of `count` windows, or before `end`.
fn before_next(window: u32, stride: u32, count: u32, end: u32) -> u32 {
  return select(min((window + 1u) * stride, end), end, window + 1u == count);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let plane = n / ${out_height * out_width}u;
  let place = n % ${out_height * out_width}u;
  let sample = plane / ${channels}u;
  let channel = plane % ${channels}u;
  let first = channel * ${height * width}u;
  let y = place / ${out_width}u;
  let x = place % ${out_width}u;
  let rows = span(y, ${stride_height}u, ${kernel_height}u,
    ${padding_height}u, ${padding_height + height}u);
  let columns = span(x, ${stride_width}u, ${kernel_width}u,
    ${padding_width}u, ${padding_width + width}u);
  var winner = vec4<u32>((rows.x - ${padding_height}u) * ${width}u + columns.x - ${padding_width}u);
  var largest = x_quad(sample, first + winner.x, quad);
  // Small windows that lie within the plane are written out: that is several times as fast.
#for row in 0..unrolled_height
#for column in 0..unrolled_width
#if unrolled
  { let row = rows.x + ${row}u; { let column = columns.x + ${column}u;
#else
  for (var row = rows.x; row < rows.y; row++) { for (var column = columns.x; column < columns.y; column++) {
#end
    let at = (row - ${padding_height}u) * ${width}u + column - ${padding_width}u;
    let value = x_quad(sample, first + at, quad);
    let more = value > largest;
    winner = select(winner, vec4<u32>(at), more);
    largest = select(largest, value, more);
  } }
#end
#end
#if !apart
  winners[i] = winner;
#else
  let gradient = g_quad(sample, channel * ${out_height * out_width}u + place, quad);
#for row in 0..tiled_height
#for column in 0..tiled_width
#if tiled
  { let row = rows.x + ${row}u; { let column = columns.x + ${column}u;
#else
  let end_row = before_next(y, ${stride_height}u, ${out_height}u, ${padding_height + height}u);
  let end_column = before_next(x, ${stride_width}u, ${out_width}u, ${padding_width + width}u);
  for (var row = rows.x; row < end_row; row++) { for (var column = columns.x; column < end_column; column++) {
#end
    let at = (row - ${padding_height}u) * ${width}u + column - ${padding_width}u;
    store_back(sample, first + at, quad,
      select(vec4<f32>(0.0), gradient, winner == vec4<u32>(at)));
  } }
#end
#end
#end
}
