// The way back through a pool: a number gets the gradients of the windows that cover it, of a mean its
// share, of the largest all if it is the first of the largest, which winners.wgsl found. One lane adds
// four time steps of a number: g_quad reads the gradient, store_back stores. Rows and columns are
// counted with the padding.

override numbers: u32;   // batch * channels * height * width

#if largest
#reads winners: vec4<u32>;                              // [batch * channels * windows][quads]
#end

// The rows or columns of a window that are at least `first` and before `end`.
fn span(window: u32, stride: u32, kernel: u32, first: u32, end: u32) -> vec2<u32> {
  return vec2<u32>(max(window * stride, first), min(window * stride + kernel, end));
}

// The first and the last of `count` windows that cover a row or column.
fn covering(at: u32, stride: u32, kernel: u32, count: u32) -> vec2<u32> {
  let first = select(0u, (max(at, kernel) - kernel) / stride + 1u, at >= kernel);
  return vec2<u32>(first, min(at / stride, count - 1u));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let plane = n / ${height * width}u;
  let place = n % ${height * width}u;
  let sample = plane / ${channels}u;
  let channel = plane % ${channels}u;
  let first = channel * ${height * width}u;
  let down = covering(place / ${width}u + ${padding_height}u, ${stride_height}u,
    ${kernel_height}u, ${out_height}u);
  let across = covering(place % ${width}u + ${padding_width}u, ${stride_width}u,
    ${kernel_width}u, ${out_width}u);
  var result = vec4<f32>(0.0);
  for (var y = down.x; y <= down.y; y++) {
    for (var x = across.x; x <= across.y; x++) {
      let gradient = g_quad(sample, (channel * ${out_height}u + y) * ${out_width}u + x, quad);
#if largest
      let winner = winners_at(((plane * ${out_height}u + y) * ${out_width}u + x) * ${quads}u + quad);
      result += select(vec4<f32>(0.0), gradient, winner == vec4<u32>(place));
#else
#if mean
      let rows = span(y, ${stride_height}u, ${kernel_height}u, ${counted_top}u, ${counted_bottom}u);
      let columns = span(x, ${stride_width}u, ${kernel_width}u, ${counted_left}u, ${counted_right}u);
      result += gradient / f32((rows.y - rows.x) * (columns.y - columns.x));
#else
      result += gradient;
#end
#end
    }
  }
  store_back(sample, first + place, quad, result);
}
