"""Cooperative cost games: who pays what when a group shares a cost, and which group would pay less on its own.

A game gives every coalition S of the players N a cost C(S), with C(empty) = 0. It comes from a table, from named
coalitions, from a function, or from cost pools whose structure keeps everything exact for hundreds of players.

========================  ==========================================================================================
:mod:`.game`              CostGame: the players and the cost of every coalition
:mod:`.pools`             Fixed, PerParticipant, VolumeTiers, ServiceLevels, Regional
:mod:`.values`            shapley, banzhaf, weighted_shapley, owen, scrb, ensc
:mod:`.sampling`          the Shapley value by sampling orders, with a standard error
:mod:`.core`              core_check, concavity: is every group better in, and if not, which is not
:mod:`.least_core`        least_core: the smallest possible largest complaint
:mod:`.nucleolus`         nucleolus: the largest complaint as small as can be, then the next, and so on
:mod:`.axioms`            fairness properties, each with a witness
========================  ==========================================================================================

Importing this package loads none of them.
"""
