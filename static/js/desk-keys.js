// Which key was meant, whatever the keyboard layout: monitors write Russian and Kyrgyz, so a key
// that gives no Latin letter counts by its place on the keyboard.

export function keyOf(event) {
  const { key, code, shiftKey } = event;
  if (key === "?" || (code === "Slash" && shiftKey)) return "?";
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (/^[0-9]$/.test(key)) return key;
  if (/^Key[A-Z]$/.test(code)) return code.slice(3).toLowerCase();
  if (/^Digit[0-9]$/.test(code) && !shiftKey) return code.slice(5);
  return key;
}

export function isTyping(element) {
  return element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}
