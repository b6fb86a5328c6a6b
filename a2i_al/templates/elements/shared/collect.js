// A form in, its answerContent out, in A2I's shapes: one flat object, from native inputs and elements in the light DOM.

const NO_ANSWER = new Set(['submit', 'button', 'reset', 'image', 'file']);

// What belongs to a form. A self-contained element, such as crowd-entity-annotation, has its form inside itself.
function partsOf(form) {
  const host = form.getRootNode().host;
  const around = host instanceof FieldElement ? [host, ...host.querySelectorAll('*')] : [];
  return [...around, ...form.querySelectorAll('*')];
}

function pageForm() {
  return document.querySelector('crowd-form')
    ?? document.querySelector('crowd-entity-annotation')?.shadowRoot?.querySelector('crowd-form') ?? null;
}

// Every control that answers, in document order: those with a name, and elements that A2I gives a fixed key, their
// `answerName`.
function controls(form) {
  return partsOf(form).filter((element) =>
    nameOf(element) && answers(element) && !element.matches(':disabled') && !element.disabled);
}

function nameOf(element) {
  return element.answerName ?? element.getAttribute('name');
}

function answers(element) {
  if (element instanceof HTMLInputElement) return !NO_ANSWER.has(element.type);
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
    || element instanceof FieldElement || element.localName === 'object-value-input';
}

function valueOf(element) {
  if (element instanceof HTMLInputElement && ['radio', 'checkbox'].includes(element.type)) {
    return { [element.value]: element.checked };
  }
  if (element instanceof HTMLSelectElement && element.multiple) {
    return Array.from(element.selectedOptions, (option) => option.value);
  }
  return element instanceof FieldElement ? element.answer : element.value;
}

function collect(form) {
  const answer = Object.create(null);
  for (const element of controls(form)) {
    const name = nameOf(element);
    const value = valueOf(element);
    if (value === undefined) continue;
    // Boxes and buttons that share a name answer together: {"tags": {"blurry": true, "dim": false}}.
    const merges = isObject(value) && isObject(answer[name]);
    answer[name] = merges ? { ...answer[name], ...value } : value;
  }
  return answer;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// The controls that must be filled in or put right before the form may be sent.
function faulty(form) {
  return controls(form).filter((element) => {
    if (element instanceof FieldElement) return !element.check();
    if (element.localName === 'object-value-input') return element.validate?.() === false;
    return !element.checkValidity();
  });
}
