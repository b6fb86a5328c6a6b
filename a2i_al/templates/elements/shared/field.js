// An element that answers: it has a name, a `value`, an `answer` (the value in A2I's shape; undefined: nothing to
// report) and a `problem()`, which says what keeps the form from being sent. A new element extends this and calls
// `define`.

class FieldElement extends CrowdElement {
  constructor() {
    super();
    this.complaint = h('p', { class: 'problem', role: 'alert', id: 'problem' });
  }

  connectedCallback() {
    super.connectedCallback();
    if (!this.name && !this.answerName) {
      this.complaint.textContent ||= `<${this.localName}> has no name: what is answered here will be lost.`;
    }
  }

  get name() {
    return this.attribute('name');
  }

  set name(name) {
    this.setAttribute('name', name);
  }

  get disabled() {
    return this.flag('disabled');
  }

  set disabled(disabled) {
    this.toggleAttribute('disabled', Boolean(disabled));
  }

  get required() {
    return this.flag('required');
  }

  set required(required) {
    this.toggleAttribute('required', Boolean(required));
  }

  get answer() {
    return this.value;
  }

  problem() {
    return '';
  }

  check() {
    const problem = this.problem();
    this.complain(problem);
    return !problem;
  }

  complain(problem) {
    this.complaint.textContent = problem;
    this.toggleAttribute('invalid', Boolean(problem));
  }

  // The value changed by the worker's hand.
  changed() {
    this.complain('');
    this.fire('change');
  }

  // The value of an attribute that holds a list or an object; what cannot be read is said in the page.
  parsed(name, fallback) {
    const text = this.attribute(name).trim();
    if (!text) return fallback;
    try {
      return parseLenient(text);
    } catch (error) {
      this.complaint.textContent = `The attribute ${name} of <${this.localName}> cannot be read: ${error.message}.`;
      return fallback;
    }
  }
}
