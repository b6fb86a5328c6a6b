// <crowd-modal link-text="…" link-type="link | button">: what is inside opens in a dialog.

class CrowdModal extends CrowdElement {
  render(root) {
    const text = this.attribute('link-text', 'More');
    this.dialog = makeDialog(text, h('slot'));
    root.append(h('button', { class: this.attribute('link-type') === 'button' ? '' : 'quiet', type: 'button', onclick: () => this.open() },
      text), this.dialog);
    this.addEventListener('crowd-reveal', () => this.open());
  }

  open() {
    openDialog(this.dialog);
  }

  close() {
    this.dialog.close();
  }
}

define('crowd-modal', CrowdModal);
