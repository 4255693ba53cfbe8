// The turns of a loop whose text is to stay that of one turn: `n`. A compiler can't know that there are workgroups:
// where it knows the turns, Mesa's writes out up to 32 of them, and all that follows takes its time over each
// (llvmpipe: a pipeline of linear/gradient in 51 ms so, and in 18 kept; one of sums/spikes in 10.6 and 1.6).
fn turns(n: u32, workgroups: vec3<u32>) -> u32 {
#if keeps_turns
  return select(0u, n, workgroups.x > 0u);
#else
  return n;
#end
}
