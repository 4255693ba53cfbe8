// The gradient of a Linear layer's parameters where a workgroup shares a sample, see workgroup_events. A
// workgroup adds into its own copy of the gradient: no atomics, the same result in every run.

override copy_stride: u32;  // parameters, rounded up to a multiple of 4

#binding var<storage, read_write> gradient: array<f32>;  // [copies][copy_stride]

// Sets the weights' gradient to 0, with the lanes from `lane` on that are `lanes` apart.
fn clear_gradient(start: u32, first: u32, lane: u32, lanes: u32) {
  for (var i = lane; i < features * OWN; i += lanes) {
    let o = i % OWN;
    if (first + o < outputs) { gradient[start + i / OWN * outputs + o] = 0.0; }
  }
}

// gradient[start + feature * outputs + o] += numbers[slot][o], added up over the slots at whose time
// steps the feature spikes. The workgroup's lanes must have written numbers and the gradient before.
fn scatter_events(sample: u32, block: u32, start: u32, first: u32, lane: u32) {
  let record = samples[sample];
  for (var i = lane; i < SLOTS * WIDTH; i += LANES) {
    let row = i / WIDTH * OWN;
    let o = i % WIDTH * 4u;
    rows[i] = vec4<f32>(
#for c in 0..4
      numbers[row + min(o + ${c}u, OWN - 1u)],
#end
    );
  }
  workgroupBarrier();
  for (var i = lane; i < record.events; i += LANES) {
    let words = words_of(sample, i, block);
#for q in 0..(own + 3) / 4
    var total_${q} = vec4<f32>(0.0);
#end
#for w in 0..words
#for r in 0..word_steps
    {
      let spike = select(0.0, 1.0, (words[${w}] & (1u << ${r}u)) != 0u);
#for q in 0..(own + 3) / 4
      total_${q} += rows[${(32 * w + r) * ((own + 3) / 4) + q}] * spike;
#end
    }
#end
#end
    let at = start + feature_of(record, i) * outputs;
#for o in 0..own
#if exact
    gradient[at + ${o}u] += total_${o / 4}[${o % 4}];
#else
    if (first + ${o}u < outputs) { gradient[at + ${o}u] += total_${o / 4}[${o % 4}]; }
#end
#end
  }
}
