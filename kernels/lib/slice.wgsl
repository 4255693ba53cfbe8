// Which neurons a dispatch runs. Where a layer's dense signals are read through copies (#reads), it
// runs slice by slice, a dispatch each, so that the copies are small and stay in the caches: a copy
// starts with the slice's first neuron.

#if sliced
// One record a slice.
struct Slice {
  first: u32,   // the first neuron: a multiple of eight
  end: u32,     // the one after the last
}
#binding var<uniform> slice: Slice;

fn slice_first() -> u32 { return slice.first; }
fn slice_end() -> u32 { return slice.end; }
#else
fn slice_first() -> u32 { return 0u; }
fn slice_end() -> u32 { return neurons; }
#end
