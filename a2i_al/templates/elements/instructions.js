// Instructions: <short-instructions> stand in the page; <full-instructions> and <crowd-instructions> open in a dialog.

class ShortInstructions extends CrowdElement {
  render(root) {
    root.append(h('div', { class: 'short' }, h('slot')));
  }
}

class FullInstructions extends CrowdElement {
  render(root) {
    const title = this.attribute('header') || 'Instructions';
    const dialog = makeDialog(title, h('slot'));
    root.append(h('button', { class: 'quiet', type: 'button', onclick: () => openDialog(dialog) }, 'Full instructions'), dialog);
  }
}

const REGIONS = {
  'short-summary': 'Summary',
  'detailed-instructions': 'Instructions',
  'positive-example': 'Good example',
  'negative-example': 'Bad example',
};

class CrowdInstructions extends CrowdElement {
  render(root) {
    this.slotChildren(...Object.keys(REGIONS));
    const present = Object.entries(REGIONS).filter(([tag]) => this.querySelector(`:scope > ${tag}`));
    const dialog = makeDialog('Instructions', ...present.map(([tag, title]) =>
      h('section', { class: tag }, h('h3', {}, title), h('slot', { name: tag }))), h('slot'));
    root.append(h('button', {
      class: this.attribute('link-type') === 'button' ? '' : 'quiet', type: 'button', onclick: () => openDialog(dialog),
    }, this.attribute('link-text', 'Instructions')), dialog);
  }
}

define('short-instructions', ShortInstructions);
define('full-instructions', FullInstructions);
define('crowd-instructions', CrowdInstructions);
