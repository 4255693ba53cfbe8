// The numbers of a step's batch, from rows of whole samples that lie on the device: bytes as value / 255,
// four to a word, or f32. A row has one number for each place or, over time, `steps` of them, [steps][size].
// One lane gathers a word of bytes, a number, or four time steps of a place.

#include lib/batch
#if over_time
#include lib/quads
#end

override batch: u32;
override size: u32;        // numbers of a sample at one time step
override row_words: u32;   // words of a row

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#binding var<storage, read> rows: array<u32>;
#if over_time
#binding var<storage, read_write> values: array<vec4<f32>>;  // numbers over time
#else
#binding var<storage, read_write> values: array<f32>;        // [batch][size]
#end

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * LANES;
#if over_time
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= batch * size) { return; }
  let sample = n / size;
  let place = n % size;
  let row = samples[sample].row;
  let live = sample < step.samples;
  values[quad_at(quad, n)] = vec4<f32>(
#for t in 0..4
    select(
      0.0,
      bitcast<f32>(rows[row + min(4u * quad + ${t}u, ${steps - 1}u) * size + place]),
      live && 4u * quad + ${t}u < ${steps}u,
    ),
#end
  );
#else
#if bytes
  let sample = i / row_words;
  if (sample >= batch) { return; }
  let four = rows[samples[sample].row + i % row_words];
  let first = i % row_words * 4u;
#for k in 0..4
  if (first + ${k}u < size) {
    let value = f32((four >> ${8 * k}u) & 255u) / 255.0;
    values[sample * size + first + ${k}u] = select(0.0, value, sample < step.samples);
  }
#end
#else
  let sample = i / size;
  if (sample >= batch) { return; }
  let value = bitcast<f32>(rows[samples[sample].row + i % size]);
  values[i] = select(0.0, value, sample < step.samples);
#end
#end
}
