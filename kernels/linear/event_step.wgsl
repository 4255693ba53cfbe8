// A whole training step of a network of one layer in one kernel: Linear on spike events, neurons, the
// gradient of the loss, the neurons' reverse and the gradient of the parameters. A lane keeps all time
// steps of `own` outputs of one sample at a time in registers, so no current ever reaches memory.
//
// It computes what forward_events, neuron/forward, neuron/backward and gradient_events compute one
// after the other, for a loss whose gradient for a neuron follows from that neuron's own spikes. Its
// text grows with T: it is for software drivers, where memory costs more than text (workgroup_event_step
// is for others), and for one block of time steps.

#include lib/batch
#include lib/events
#include linear/parameters
#include linear/spike_factor

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override parts: u32;        // lanes that share a sample's outputs
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4
override initial: f32;      // the potential before the first step

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#binding var pixels: texture_2d<u32>;
#binding var spikes: texture_2d<u32>;
#binding var<storage, read_write> fired: array<u32>;     // [ceil(T / 32)][batch * outputs], one bit a step
#binding var<storage, read_write> counts: array<u32>;    // [batch * outputs], spikes over T
#binding var<storage, read_write> gradient: array<f32>;  // [copies][copy_stride]

const blocks = 1u;
const block = 0u;

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let copy = id.x / parts;
  let first = id.x % parts * ${own}u;
  if (copy >= copies) { return; }
  let start = copy * copy_stride + first;
#for o in 0..own
  var bias_${o} = 0.0;
#end
  prepare();
  let learning = step.learns != 0u;
  for (var feature = 0u; feature < select(0u, features, learning); feature++) {
#for o in 0..own
#if exact
    gradient[start + feature * outputs + ${o}u] = 0.0;
#else
    if (first + ${o}u < outputs) { gradient[start + feature * outputs + ${o}u] = 0.0; }
#end
#end
  }
  for (var sample = copy; sample < batch; sample += copies) {
    let record = samples[sample];
#include linear/sum_events
#if rolls_outputs
    // A turn for each output: it simulates the first, and all move up by one.
    for (var turn = 0u; turn < ${own}u; turn++) {
#else
    let turn = 0u;
    {
#end
#for o in 0..neurons
      let class_${o} = first + ${o}u + turn;
#if bias
      let added_${o} = parameter(features * outputs + class_${o});
#else
      let added_${o} = 0.0;
#end
      var v_${o} = initial;
#for t in 0..steps
#if t % 32 == 0
      var fired_${t / 32}_${o} = 0u;
#end
      let h_${t}_${o} = charge(v_${o}, sum_${t}_${o} * UNIT_${t % word_steps} + added_${o});
      fired_${t / 32}_${o} |= select(0u, 1u << ${t % 32}u, h_${t}_${o} >= v_threshold);
      v_${o} = reset(h_${t}_${o});
#end
      let count_${o} = 0u
#for w in 0..(steps + 31) / 32
          + countOneBits(fired_${w}_${o})
#end
          ;
      if (class_${o} < outputs) {
        counts[sample * outputs + class_${o}] = count_${o};
#for w in 0..(steps + 31) / 32
        fired[(${w}u * batch + sample) * outputs + class_${o}] = fired_${w}_${o};
#end
      }
      let is_label_${o} = class_${o} == record.label;
      let gs_${o} = select(0.0, spike_gradient(count_${o}, is_label_${o}), sample < step.samples);
      var gv_${o} = 0.0;
#for back in 0..steps
#let t = steps - 1 - back
      let gh_${t}_${o} = fire_gradient(h_${t}_${o}, gs_${o}, gv_${o});
      let gx_${t}_${o} = input_gradient(gh_${t}_${o});
      gv_${o} = potential_gradient(gh_${t}_${o});
      bias_${o} += gx_${t}_${o};
      sum_${t}_${o} = gx_${t}_${o} * UNIT_${t % word_steps};
#end
#end
#if rolls_outputs
      let bias_${own} = bias_0;
#for o in 0..own
      bias_${o} = bias_${o + 1};
#end
#for t in 0..steps
      let sum_${t}_${own} = sum_${t}_0;
#for o in 0..own
      sum_${t}_${o} = sum_${t}_${o + 1};
#end
#end
#end
    }
#for o in 0..own
#for t in 0..4 * block_quads
#if t < steps
    let scaled_${t}_${o} = sum_${t}_${o};
#else
    let scaled_${t}_${o} = 0.0;
#end
#end
#end
    let count = select(0u, record.events, learning);
#include linear/scatter_events
  }
#if bias
#for o in 0..own
  if (learning & (first + ${o}u < outputs)) {
    gradient[start + features * outputs + ${o}u] = bias_${o};
  }
#end
#end
}
