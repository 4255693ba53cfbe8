// How the neurons of a sample are shared out among the lanes of a workgroup.

override batch: u32;
override features: u32;  // neurons of a sample

fn part_of(lane: u32) -> u32 {
#if parts == 1
  // So that a driver knows that all lanes read the same weights.
  return 0u;
#else
  return lane / ${sharers}u;
#end
}

// A part's neuron o, which is none if it is past the last.
fn neuron_of(part: u32, o: u32) -> u32 {
#if strided
  return o * ${parts}u + part;
#else
  return part * ${own}u + o;
#end
}

// The number of a sample's neuron in a signal; of what isn't there, that of another.
fn number_of(sample: u32, i: u32) -> u32 {
  return min(sample, batch - 1u) * features + min(i, features - 1u);
}
