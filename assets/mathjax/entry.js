// MathJax as one function: LaTeX in, SVG out. No page, no fonts from outside, nothing loaded later.
const { mathjax } = require('mathjax-full/js/mathjax.js');
const { TeX } = require('mathjax-full/js/input/tex.js');
const { SVG } = require('mathjax-full/js/output/svg.js');
const { liteAdaptor } = require('mathjax-full/js/adaptors/liteAdaptor.js');
const { Configuration } = require('mathjax-full/js/input/tex/Configuration.js');
const { CommandMap } = require('mathjax-full/js/input/tex/SymbolMap.js');
const { RegisterHTMLHandler } = require('mathjax-full/js/handlers/html.js');
require('mathjax-full/js/input/tex/base/BaseConfiguration.js');
require('mathjax-full/js/input/tex/ams/AmsConfiguration.js');
require('mathjax-full/js/input/tex/newcommand/NewcommandConfiguration.js');
require('mathjax-full/js/input/tex/amscd/AmsCdConfiguration.js');
require('mathjax-full/js/input/tex/boldsymbol/BoldsymbolConfiguration.js');
require('mathjax-full/js/input/tex/braket/BraketConfiguration.js');
require('mathjax-full/js/input/tex/cancel/CancelConfiguration.js');
require('mathjax-full/js/input/tex/cases/CasesConfiguration.js');
require('mathjax-full/js/input/tex/centernot/CenternotConfiguration.js');
require('mathjax-full/js/input/tex/color/ColorConfiguration.js');
require('mathjax-full/js/input/tex/enclose/EncloseConfiguration.js');
require('mathjax-full/js/input/tex/extpfeil/ExtpfeilConfiguration.js');
require('mathjax-full/js/input/tex/gensymb/GensymbConfiguration.js');
require('mathjax-full/js/input/tex/mathtools/MathtoolsConfiguration.js');
require('mathjax-full/js/input/tex/mhchem/MhchemConfiguration.js');
require('mathjax-full/js/input/tex/textmacros/TextMacrosConfiguration.js');
require('mathjax-full/js/input/tex/unicode/UnicodeConfiguration.js');
require('mathjax-full/js/input/tex/upgreek/UpgreekConfiguration.js');

// A formula of a chat stands alone: its number is written beside it, a label is nobody's address,
// and a reference can only say its name.
function writeOn(parser, latex) {
  parser.string = latex + parser.string.slice(parser.i);
  parser.i = 0;
}
new CommandMap('alone', { tag: 'Tag', label: 'Label', ref: 'Ref', eqref: 'EqRef' }, {
  Tag(parser, name) {
    const star = parser.GetStar();
    const number = parser.GetArgument(name);
    writeOn(parser, `\\qquad\\text{${star ? number : `(${number})`}}`);
  },
  Label(parser, name) { parser.GetArgument(name); },
  Ref(parser, name) { writeOn(parser, `\\text{${parser.GetArgument(name)}}`); },
  EqRef(parser, name) { writeOn(parser, `\\text{(${parser.GetArgument(name)})}`); },
});
Configuration.create('alone', { handler: { macro: ['alone'] }, priority: 1 });

// What a chat has no use for is left out: \href, \style and \class (html), \require (autoload).
// Without `noundefined` an unknown command is an error, and its formula is shown as its source.
const packages = [
  'alone', 'base', 'ams', 'amscd', 'newcommand', 'boldsymbol', 'braket', 'cancel', 'cases', 'centernot',
  'color', 'enclose', 'extpfeil', 'gensymb', 'mathtools', 'mhchem', 'textmacros', 'unicode',
  'upgreek',
];
const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const tex = new TeX({
  packages,
  maxMacros: 1000,
  maxBuffer: 20 * 1024,
  formatError: (_, error) => { throw error; },
});
const svg = new SVG({ fontCache: 'none', mtextInheritFont: false });
const page = mathjax.document('', { InputJax: tex, OutputJax: svg });

// These fill the width of a page; a formula here is as wide as it is.
const PAGE_WIDE = { multline: 'gather', flalign: 'align' };
const ENVIRONMENT = /(\\(?:begin|end)\s*\{)(multline|flalign)(\*?\})/g;

// The answer begins with 'svg:' or 'why:'. It is joined because the door to Python
// takes no strings that are still in pieces.
globalThis.setFormula = function (source, display) {
  try {
    tex.reset();
    // No macro goes from one formula to the next: the same source is always the same picture.
    for (const name of ['new-Delimiter', 'new-Command', 'new-Environment']) {
      tex.parseOptions.handlers.retrieve(name).map.clear();
    }
    const plain = source.replace(ENVIRONMENT, (_, a, name, z) => a + PAGE_WIDE[name] + z);
    const node = page.convert(plain, { display, em: 16, ex: 8, containerWidth: 80 * 16 });
    return ['svg:', adaptor.innerHTML(node)].join('');
  } catch (error) {
    return ['why:', String((error && error.message) || error)].join('');
  }
};
