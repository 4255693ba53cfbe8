// The turns of a loop whose text is to stay that of one turn: `n`. A compiler can't know that there are workgroups:
// where it knows the turns, Mesa's writes out up to 32 of them, and all that follows takes its time over each
// (llvmpipe: a pipeline of linear/gradient in 51 ms so, and in 18 kept; a CSNN starts in 3.85 and in 3.36 s,
// `bench/first_run.ts`). Loops that take much of a kernel's time are left to it.
fn turns(n: u32, workgroups: vec3<u32>) -> u32 {
#if keeps_turns
  return select(0u, n, workgroups.x > 0u);
#else
  return n;
#end
}
