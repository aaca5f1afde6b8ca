package doppio;

/**
 * Thrown when a tensor's shape is not the one a layer, loss or data set expects; the message names
 * both.
 */
public class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String path;

  /**
   * Creates the exception with a message that names the place, the expected and the actual shape.
   */
  public ShapeException(String message) {
    this(message, "", message);
  }

  private ShapeException(String problem, String path, String message) {
    super(message);
    this.problem = problem;
    this.path = path;
  }

  /**
   * The same problem, seen from the container that holds the layer: {@code … (layer 2.0 of
   * Sequential)}. A container of modules calls this once for each level on the way out.
   *
   * @param child the name of the child in its container
   * @param container the container's name
   */
  public ShapeException in(String child, String container) {
    String longer = path.isEmpty() ? child : child + "." + path;
    ShapeException seen =
        new ShapeException(
            problem, longer, problem + " (layer " + longer + " of " + container + ")");
    seen.setStackTrace(getStackTrace());
    return seen;
  }
}
