package doppio.model;

import doppio.Tensor;
import doppio.nn.Description;
import doppio.nn.Layer;
import doppio.nn.Parts;

/** y = x, with a setting of every type. */
final class Settings extends Layer {
  private final int whole;
  private final double number;
  private final boolean flag;
  private final String text;
  private final int[] wholes;
  private final double[] numbers;

  Settings(int whole, double number, boolean flag, String text, int[] wholes, double[] numbers) {
    this.whole = whole;
    this.number = number;
    this.flag = flag;
    this.text = text;
    this.wholes = wholes;
    this.numbers = numbers;
  }

  Settings(Parts parts) {
    this(
        parts.integer("whole"),
        parts.number("number"),
        parts.flag("flag"),
        parts.text("text"),
        parts.integers("wholes"),
        parts.numbers("numbers"));
  }

  @Override
  public Description<Settings> describe() {
    return Description.of(Settings::new)
        .set("whole", whole)
        .set("number", number)
        .set("flag", flag)
        .set("text", text)
        .set("wholes", wholes)
        .set("numbers", numbers);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    System.arraycopy(x.data(), 0, y.data(), 0, x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
  }
}
