// Which numbers a matrix product reads and writes, as a convolution has it: a row is a place of the output,
// and its features are the numbers under the kernel there, [kernel_height][kernel_width][channels] of the row's
// group of channels. `linear/rows` is the same of a Linear layer.

// No number: what lies beyond the edge, where the input is 0.
const NONE = 0xffffffffu;

struct Row {
  sample: u32,
  position: u32,
  y: u32,         // of the kernel's upper left corner; above and left of the input it wraps around
  x: u32,
}

fn row_of(row: u32) -> Row {
  let position = row % ${out_height * out_width}u;
  return Row(
    row / ${out_height * out_width}u,
    position,
    position / ${out_width}u * ${stride_y}u - ${pad_y}u,
    position % ${out_width}u * ${stride_x}u - ${pad_x}u,
  );
}

// What doesn't depend on the row of where feature i of a group lies.
struct Tap {
  plane: u32,  // the first number of its channel
  y: u32,
  x: u32,
}

fn tap_of(feature: u32, group: u32) -> Tap {
  let channel = group * ${channels}u + feature % ${channels}u;
  let tap = feature / ${channels}u;
  return tap_in(channel * ${height * width}u, tap);
}

fn tap_in(plane: u32, tap: u32) -> Tap {
  return Tap(plane, tap / ${kernel_width}u * ${dilation_y}u, tap % ${kernel_width}u * ${dilation_x}u);
}

// Which number of a sample a row's feature is, or NONE.
fn place_of(row: Row, tap: Tap) -> u32 {
  let y = row.y + tap.y;
  let x = row.x + tap.x;
  return select(NONE, tap.plane + y * ${width}u + x, (y < ${height}u) & (x < ${width}u));
}

// Which number of a sample a row's output is.
fn output_place(row: Row, output: u32) -> u32 {
  return output * ${out_height * out_width}u + row.position;
}

// The way back: a row is a place of the input, which gets the gradients of those outputs whose kernels
// cover it, one for each tap.

fn input_row(row: u32) -> Row {
  return input_row_of(row / ${width}u, row % ${width}u);
}

// A row by its line, those of all samples counted, and its place there, which may be past the last.
fn input_row_of(line: u32, x: u32) -> Row {
  let y = line % ${height}u;
  return Row(line / ${height}u, y * ${width}u + x, y + ${pad_y}u, x + ${pad_x}u);
}

// Which lines of the kernel may cover a row: from the first on, up to the end.

fn first_tap_line(row: Row) -> u32 {
  let last = ${(out_height - 1) * stride_y}u;
  return (max(row.y, last) - last + ${dilation_y - 1}u) / ${dilation_y}u;
}

fn end_tap_line(row: Row) -> u32 {
  return min(row.y / ${dilation_y}u + 1u, ${kernel_height}u);
}

// The place in the output whose kernel has a tap here, or NONE.
fn position_of(row: Row, tap: u32) -> u32 {
  let y = row.y - tap / ${kernel_width}u * ${dilation_y}u;
  let x = row.x - tap % ${kernel_width}u * ${dilation_x}u;
#if stride_y == 1 && stride_x == 1
  return select(NONE, y * ${out_width}u + x, (y < ${out_height}u) & (x < ${out_width}u));
#else
  let out_y = y / ${stride_y}u;
  let out_x = x / ${stride_x}u;
  let whole = (y % ${stride_y}u == 0u) & (x % ${stride_x}u == 0u);
  return select(
    NONE,
    out_y * ${out_width}u + out_x,
    whole & (out_y < ${out_height}u) & (out_x < ${out_width}u),
  );
#end
}

// Which number of a sample an output is there.
fn gradient_place(position: u32, output: u32) -> u32 {
  return output * ${out_height * out_width}u + position;
}

// Which number of a sample a feature of a row is.
fn input_place(row: Row, group: u32, feature: u32) -> u32 {
  return (group * ${channels}u + feature) * ${height * width}u + row.position;
}

// With a stride, places of the input that are as far beyond a multiple of it are under the same taps. Rows may
// be in that order: those of a phase, all samples', lie one after the other.

fn phase_row(row: u32, rows: u32) -> Row {
  let in_phase = rows / ${stride_y * stride_x}u;
  let phase = row / in_phase;
  let line = row % in_phase / ${width / stride_x}u;
  let y = line % ${height / stride_y}u * ${stride_y}u + phase / ${stride_x}u;
  let x = row % in_phase % ${width / stride_x}u * ${stride_x}u + phase % ${stride_x}u;
  return Row(line / ${height / stride_y}u, y * ${width}u + x, y + ${pad_y}u, x + ${pad_x}u);
}

// How many taps on a line of the kernel cover a row, and how many lines.
fn covering_taps(row: Row) -> vec2<u32> {
  let first = vec2<u32>(row.x % ${stride_x}u, row.y % ${stride_y}u);
  return (vec2<u32>(${kernel_width + stride_x - 1}u, ${kernel_height + stride_y - 1}u) - first) /
    vec2<u32>(${stride_x}u, ${stride_y}u);
}

// Which tap of the kernel one of those is.
fn covering_tap(row: Row, x: u32, y: u32) -> u32 {
  return (row.y % ${stride_y}u + y * ${stride_y}u) * ${kernel_width}u + row.x % ${stride_x}u + x * ${stride_x}u;
}

// The place in the output whose kernel has it here, or NONE.
fn position_under(row: Row, x: u32, y: u32) -> u32 {
  let out_y = row.y / ${stride_y}u - y;
  let out_x = row.x / ${stride_x}u - x;
  return select(NONE, out_y * ${out_width}u + out_x, (out_y < ${out_height}u) & (out_x < ${out_width}u));
}
