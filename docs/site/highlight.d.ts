/** What is used of highlight.js, whose own types would bring those of the DOM to all that is checked here. */
declare const highlight: {
  highlight(
    code: string,
    options: { language: string; ignoreIllegals: boolean },
  ): { value: string };
};
export default highlight;
