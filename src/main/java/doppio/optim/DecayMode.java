package doppio.optim;

/** What the weight decays of a rule's groups mean, and who applies them. */
enum DecayMode {
  /** The optimizer applies both around the rule, which knows of none; see {@link OwnRuleStep}. */
  AROUND_THE_RULE,

  /**
   * The rule applies both, in its one pass over the parameters: see OptimizerRules in
   * internal/scalar and internal/vector.
   */
  IN_THE_RULE,

  /** AdamW's: the rule subtracts ηdw, where d is the weight decay; there is no other decay. */
  TIMES_THE_RATE
}
