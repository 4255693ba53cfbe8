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
#include lib/turns
#include linear/parameters
#include linear/spike_factor

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override parts: u32;        // lanes that share a sample's outputs
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#texels entries;
#texels spikes;
#binding var<storage, read_write> fired: array<u32>;     // [ceil(T / 32)][batch * outputs], one bit a step
#binding var<storage, read_write> counts: array<u32>;    // [batch * outputs], spikes over T
#if learns
#binding var<storage, read_write> gradient: array<f32>;  // [copies][copy_stride]
#end

const blocks = 1u;
const block = 0u;

#include linear/sum_events

@compute @workgroup_size(${lanes})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let copy = id.x / parts;
  let first = id.x % parts * ${own}u;
  if (copy >= copies) { return; }
#if learns
  let start = copy * copy_stride + first;
#for o in 0..own
  var bias_${o} = 0.0;
#end
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
#end
  for (var sample = copy; sample < batch; sample += copies) {
    let record = samples[sample];
    sum_events(record, sample, block, first);
    // A turn for each output, so that the text is that of one: it simulates the first, then all move up.
    for (var turn = 0u; turn < turns(${own}u, workgroups); turn++) {
      let class_of_turn = first + turn;
#if bias
      let added = parameter(features * outputs + class_of_turn);
#else
      let added = 0.0;
#end
      var v = initial;
#for t in 0..steps
#if t % 32 == 0
      var fired_${t / 32} = 0u;
#end
      let h_${t} = charged(v, sum_${t}_0 * UNIT_${t % word_steps} + added);
      fired_${t / 32} |= select(0u, 1u << ${t % 32}u, h_${t} >= v_threshold);
      v = reset(h_${t});
#end
      let spike_count = 0u
#for w in 0..(steps + 31) / 32
          + countOneBits(fired_${w})
#end
          ;
      if (class_of_turn < outputs) {
        counts[sample * outputs + class_of_turn] = spike_count;
#for w in 0..(steps + 31) / 32
        fired[(${w}u * batch + sample) * outputs + class_of_turn] = fired_${w};
#end
      }
#if learns
      let is_label = class_of_turn == record.label;
      let gs = select(0.0, spike_gradient(spike_count, is_label), sample < step.samples);
      var gv = 0.0;
      var bias_${own} = bias_0;
#for back in 0..steps
#let t = steps - 1 - back
      let gh_${t} = fire_gradient(h_${t}, gs, gv);
      let gx_${t} = input_gradient(gh_${t}, 0.0, 0.0);
      gv = state_gradient(gh_${t}, 0.0, 0.0);
      bias_${own} += gx_${t};
      let sum_${t}_${own} = gx_${t} * UNIT_${t % word_steps};
#for o in 0..own
      sum_${t}_${o} = sum_${t}_${o + 1};
#end
#end
#for o in 0..own
      bias_${o} = bias_${o + 1};
#end
#else
      // The next output moves up.
#for t in 0..steps
#for o in 0..own - 1
      sum_${t}_${o} = sum_${t}_${o + 1};
#end
#end
#end
    }
#if learns
#for o in 0..own
#for q in 0..block_quads
    let scaled_${q}_${o} = vec4<f32>(
#for t in 4 * q..4 * q + 4
#if t < steps
      sum_${t}_${o},
#else
      0.0,
#end
#end
    );
#end
#end
    let count = select(0u, record.events, learning);
#include linear/scatter_events
#end
  }
#if bias && learns
#for o in 0..own
  if (learning & (first + ${o}u < outputs)) {
    gradient[start + features * outputs + ${o}u] = bias_${o};
  }
#end
#end
}
