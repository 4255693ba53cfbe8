// Which numbers a matrix product reads and writes, as a Linear layer has it: a row is a sample, and its
// features are the sample's numbers. `conv/map` is the same of a convolution.

struct Row {
  sample: u32,
}

fn row_of(row: u32) -> Row {
  return Row(row);
}

// What doesn't depend on the row of where feature i of a group lies.
alias Tap = u32;

fn tap_of(feature: u32, group: u32) -> Tap {
  return feature;
}

// Which number of a sample a row's feature is.
fn place_of(row: Row, tap: Tap) -> u32 {
  return tap;
}

// Which number of a sample a row's output is.
fn output_place(row: Row, output: u32) -> u32 {
  return output;
}

// The way back: a row is a sample, too, and its one tap are all outputs.

fn input_row(row: u32) -> Row {
  return Row(row);
}

fn position_of(row: Row, tap: u32) -> u32 {
  return 0u;
}

fn gradient_place(position: u32, output: u32) -> u32 {
  return output;
}

fn input_place(row: Row, group: u32, feature: u32) -> u32 {
  return feature;
}
