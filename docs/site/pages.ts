/** A page of the site. */
export interface SitePage {
  /** Where its Markdown is, from the repository's folder. */
  readonly source: string;
  /** Where its HTML goes, from the site's folder. */
  readonly target: string;
  /** Its name in the list of pages. */
  readonly name: string;
}

/** Pages that belong together. */
export interface Section {
  /** What they are. */
  readonly title: string;
  /** The pages, in the order in which they are read. */
  readonly pages: readonly SitePage[];
}

const page = (source: string, target: string, name: string): SitePage => ({ source, target, name });
const doc = (path: string, name: string): SitePage => page(`docs/${path}.md`, `${path}.html`, name);

/** All pages, in the order of the list beside them. */
export const SECTIONS: readonly Section[] = [
  {
    title: "Start",
    pages: [
      page("README.md", "index.html", "Galvani"),
      page("docs/README.md", "docs.html", "All pages"),
    ],
  },
  {
    title: "Tutorials",
    pages: [
      doc("tutorials/1_first_network", "1. The first network"),
      doc("tutorials/2_what_a_neuron_does", "2. What a neuron does"),
      doc("tutorials/3_surrogates", "3. Surrogate gradients"),
      doc("tutorials/4_hidden_layers", "4. Hidden layers"),
      doc("tutorials/5_own_data", "5. Data of your own"),
      doc("tutorials/6_own_parts", "6. Parts of your own"),
      doc("tutorials/7_convolutions", "7. Convolutions"),
      doc("tutorials/8_time", "8. Time"),
      doc("tutorials/9_exchange", "9. Exchange"),
      doc("tutorials/10_several_machines", "10. Several machines"),
      doc("tutorials/11_transformers", "11. Transformers"),
      doc("web", "12. The pages"),
    ],
  },
  {
    title: "Guides",
    pages: [
      doc("models", "Models and trainers"),
      doc("neurons", "Neurons"),
      doc("data", "Data"),
      doc("from-spikingjelly", "From SpikingJelly"),
      doc("from-snntorch", "From snnTorch"),
      doc("from-norse", "From Norse"),
      doc("events", "Events"),
      doc("nir", "Exchange: NIR"),
      doc("cluster", "Clusters"),
      doc("energy", "Operations and energy"),
      doc("extending", "Extending"),
    ],
  },
  {
    title: "Explanation",
    pages: [doc("how_it_computes", "How it computes"), doc("design", "Design")],
  },
  {
    title: "Reference",
    pages: [
      doc("cli", "The command line"),
      page("bench/RESULTS.md", "results.html", "Figures"),
      page("CONTRIBUTING.md", "contributing.html", "Contributing"),
      page("CHANGELOG.md", "changelog.html", "Changes"),
    ],
  },
];
