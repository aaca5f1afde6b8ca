package doppio.nn;

import doppio.Generator;
import doppio.internal.layer.TanhCell;

/**
 * A plain recurrent layer: goes through a sequence step by step, with a state that begins at zero:
 * h ← tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh).
 *
 * <p>Shapes: input {@code [n, t, in]}, t steps of each of n sequences, or one sequence {@code [t,
 * in]}; output, the h of every step, {@code [n, t, hidden]} or {@code [t, hidden]}. Layers and
 * directions are as those of an {@link LSTM}.
 *
 * <p>Parameters: as those of an {@link LSTM}, with hidden rows.
 *
 * <p>Gradient: back through all steps. The same in training and evaluation. Over many steps it
 * vanishes or explodes; an {@link LSTM} and a {@link GRU} were made against that.
 *
 * <p>Source: Elman, "Finding structure in time" (1990); {@code torch.nn.RNN} with tanh and
 * batch_first.
 */
public final class RNN extends Recurrent {
  /** One layer in one direction, drawn from the default generator. */
  public RNN(int in, int hidden) {
    this(in, hidden, Generator.defaultGenerator());
  }

  /** One layer in one direction, drawn from the given generator. */
  public RNN(int in, int hidden, Generator generator) {
    this(in, hidden, 1, false, generator);
  }

  /**
   * Several layers, in one direction or two, drawn from the given generator.
   *
   * @throws IllegalArgumentException if a number is below 1
   */
  public RNN(int in, int hidden, int layers, boolean bidirectional, Generator generator) {
    super(TanhCell.CELL, in, hidden, layers, bidirectional, generator);
  }

  /** One that is made again. */
  public RNN(Parts parts) {
    super(TanhCell.CELL, parts);
  }

  @Override
  public Description<RNN> describe() {
    return describe(Description.of(RNN::new));
  }
}
